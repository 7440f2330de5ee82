"""What the data path does on this machine: rows a second, the ceiling in the same run, CPU, memory. No test."""
