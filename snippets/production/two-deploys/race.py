"""Start two upgrades at once, and print how they end."""

import subprocess

processes = [
    subprocess.Popen(["alembic", "upgrade", "head"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for _ in range(2)
]
outputs = [process.communicate()[0] for process in processes]
print("exit statuses:", *sorted(process.returncode for process in processes))
for line in sorted(line for output in outputs for line in output.splitlines()):
    if "Running upgrade" in line or line.startswith("sqlalchemy.exc."):
        print(line)
