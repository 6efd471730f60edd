namespace Pharos.Alerting.Alerts;

/// <summary>Fingerprints of some alerts of a group: few, kept for long, and compared at every flush.</summary>
/// <remarks>Immutable. A sorted array takes a tenth of a hash set's memory.</remarks>
internal sealed class FingerprintSet
{
    public static readonly FingerprintSet Empty = new([]);

    private readonly ulong[] _sorted;

    private FingerprintSet(ulong[] sorted) => _sorted = sorted;

    public int Count => _sorted.Length;

    public static FingerprintSet Of(params ReadOnlySpan<ulong> fingerprints)
    {
        if (fingerprints.Length == 0)
        {
            return Empty;
        }
        var sorted = fingerprints.ToArray();
        Array.Sort(sorted);
        return new FingerprintSet(sorted);
    }

    public static FingerprintSet Of(IEnumerable<Alert> alerts) => Of([.. alerts.Select(alert => alert.Fingerprint)]);

    /// <summary>Those of the alerts that fire, and of those that are over.</summary>
    public static (FingerprintSet Firing, FingerprintSet Resolved) Split(IReadOnlyList<Alert> alerts, DateTimeOffset now)
    {
        var fingerprints = new ulong[alerts.Count];
        var (firing, resolved) = (0, fingerprints.Length);
        for (var i = 0; i < fingerprints.Length; i++)
        {
            fingerprints[alerts[i].IsResolvedAt(now) ? --resolved : firing++] = alerts[i].Fingerprint;
        }
        return (Of(fingerprints.AsSpan(0, firing)), Of(fingerprints.AsSpan(firing)));
    }

    public bool Contains(ulong fingerprint) => Array.BinarySearch(_sorted, fingerprint) >= 0;

    public bool IsSubsetOf(FingerprintSet other)
    {
        if (_sorted.Length > other._sorted.Length)
        {
            return false;
        }
        foreach (var fingerprint in _sorted)
        {
            if (!other.Contains(fingerprint))
            {
                return false;
            }
        }
        return true;
    }

    public bool Overlaps(FingerprintSet other)
    {
        foreach (var fingerprint in _sorted)
        {
            if (other.Contains(fingerprint))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>This set where it has none of <paramref name="other"/>, otherwise a smaller one.</summary>
    public FingerprintSet Without(FingerprintSet other) =>
        Overlaps(other) ? new FingerprintSet([.. _sorted.Where(fingerprint => !other.Contains(fingerprint))]) : this;

    public ulong[] ToArray() => [.. _sorted];
}
