namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>What became of one remote-write request.</summary>
/// <param name="Malformed">The body is no remote-write request at all: nothing of it was stored.</param>
/// <param name="Accepted">Samples that were stored.</param>
/// <param name="Refused">Samples that were not.</param>
/// <param name="Reason">Why, for the first that was refused; empty where all went well.</param>
public sealed record RemoteWriteOutcome(bool Malformed, int Accepted, int Refused, string Reason);
