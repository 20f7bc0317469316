"""From text to model. Readers note every problem they meet; whoever called them raises once."""
