using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>An alert as the notification side knows it: what Alertmanager receives over <c>POST /api/v2/alerts</c>.</summary>
/// <remarks>Immutable. Identity is <see cref="Fingerprint"/>, a hash of the labels alone.</remarks>
public sealed record Alert
{
    private readonly LabelSet _labels = LabelSet.Empty;

    public required LabelSet Labels
    {
        get => _labels;
        init
        {
            // A copy that shares its texts with others has the fingerprint already.
            if (Fingerprint == 0 || !value.Equals(_labels))
            {
                Fingerprint = Alerts.Fingerprint.Of(value);
            }
            _labels = value;
        }
    }

    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When the alert is over, or will be taken for over if nobody renews it.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public string GeneratorUrl { get; init; } = "";

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether <see cref="EndsAt"/> is only a guess (the sender gave none).</summary>
    public bool Timeout { get; init; }

    public ulong Fingerprint { get; private init; }

    /// <summary>Under which number the alert is on disk; 0 where it is not there yet.</summary>
    internal long StoredAs { get; init; }

    /// <summary>The value of the label <c>alertname</c>, or the empty string.</summary>
    public string Name => Labels["alertname"];

    /// <summary>Over at <paramref name="now"/>: its end is not after it.</summary>
    public bool IsResolvedAt(DateTimeOffset now) => EndsAt <= now;
}
