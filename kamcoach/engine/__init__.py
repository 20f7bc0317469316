"""Stratified forward chaining with three truth values."""

from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Activation, Consultation, Premise
from kamcoach.engine.native import infer

__all__ = ["FALSE", "TRUE", "UNKNOWN", "Activation", "Consultation", "Premise", "infer"]
