namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>What became of one remote-write request.</summary>
/// <param name="Malformed">The body is no remote-write request at all: nothing of it was stored.</param>
/// <param name="Samples">Numbers that were stored.</param>
/// <param name="Histograms">Native histograms that were stored.</param>
/// <param name="Exemplars">Exemplars that were stored.</param>
/// <param name="Refused">Samples of either kind that were not.</param>
/// <param name="Reason">Why, one line for each of the first that were refused; empty where the sender need not know.</param>
public sealed record RemoteWriteOutcome(
    bool Malformed, int Samples, int Histograms, int Exemplars, int Refused, string Reason)
{
    /// <summary>Some were refused only for now: the sender should come again.</summary>
    public bool IsOverloaded { get; init; }

    public static RemoteWriteOutcome Broken(string reason) => new(true, 0, 0, 0, 0, reason);
}
