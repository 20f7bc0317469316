"""Files written whole or not at all: under a name of their own until the last byte is on the disk, then given the name they are for.

A process that is killed in between leaves a hidden file or folder with `.kamcoach-` in its name, which nothing reads and anybody may
delete; an error leaves nothing.
"""
