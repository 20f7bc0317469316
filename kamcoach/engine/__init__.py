"""Stratified forward chaining with three truth values."""

from kamcoach.engine.choice import ENGINES, NATIVE, Engine, engine_named
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Activation, Consultation, Premise
from kamcoach.engine.native import infer

__all__ = ["ENGINES", "FALSE", "NATIVE", "TRUE", "UNKNOWN", "Activation", "Consultation", "Engine", "Premise", "engine_named", "infer"]
