"""In which words, and in which shape, does the desk speak? Values in, finished payloads out; nothing here does I/O.

`check.load` reads the templates once; every message is then one function of `customer`, `staff` or `alarms`, every
plain answer one of `answers`, every form one of `forms`.
"""
