"""Measurements that decide: which backend wins on this machine, and when threads pay."""
