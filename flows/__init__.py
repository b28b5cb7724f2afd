"""The command line and the Prefect flows: they call the stages in order and compute nothing."""
