namespace Pharos.Conformance.Tests.Alerting;

/// <summary>One line of a timeline: what happens, or is expected, so many seconds after its start.</summary>
internal sealed record TimelineStep(double At, string Verb, string Rest);
