namespace Pharos.Collection.Discovery;

/// <summary>One entry below one of a job's <c>*_sd_configs</c> keys, or its <c>static_configs</c>.</summary>
public abstract record DiscoveryOptions
{
    /// <summary>The mechanism as Prometheus names it: <c>static</c>, <c>file</c>, <c>kubernetes</c>, ...</summary>
    public abstract string Kind { get; }

    /// <summary>Makes the discovery that runs these options; the caller runs it once.</summary>
    internal abstract IDiscovery Create(DiscoveryContext context);

    /// <summary>Whether a reload may keep the running discovery.</summary>
    internal abstract bool SameAs(DiscoveryOptions other);
}
