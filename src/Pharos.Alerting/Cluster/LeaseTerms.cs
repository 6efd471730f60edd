namespace Pharos.Alerting.Cluster;

/// <summary>How long the lease lasts. A leader that is killed is replaced <see cref="TimeToLive"/> after he was last heard of, plus
/// <see cref="Patience"/> and two intervals at most: nine and a half seconds.</summary>
internal static class LeaseTerms
{
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(6);

    /// <summary>How often a node meets the others.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>So much earlier than the database the leader himself takes his lease for over: what he sends then is on its way no more.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>How long others see a lease as over before they take it: after an outage of the database the old leader, who knows what
    /// he has sent, comes first.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
}
