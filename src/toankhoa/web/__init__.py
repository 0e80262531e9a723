"""Everything a person sees.

A view parses the request, calls one verb or selector of the apps below, and renders; no arithmetic
happens here.
Pages: sessions (sign-in), home, living_plan, explaining, issued, units, returns, inbox, uploads,
administration, errors
and others. Around them: access (who is asking), as_of (of which moment), surroundings (what every
page shows), words
(codes in Vietnamese).
"""
