using Pharos.Alerting.TimeIntervals;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Silences;

/// <summary>Silences the same alerts again and again: whenever one of its intervals contains the time there is an ordinary silence.</summary>
public sealed record RecurringSilence
{
    /// <summary>Empty for one that is still to be created.</summary>
    public string Id { get; init; } = "";

    public required IReadOnlyList<LabelMatcher> Matchers { get; init; }

    /// <summary>The receiver that alone is told nothing; empty for all.</summary>
    public string Receiver { get; init; } = "";

    public required IReadOnlyList<TimeIntervalText> Intervals { get; init; }

    /// <summary>No window begins before; null for at once.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Every window ends by then; null for never.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public string Comment { get; init; } = "";

    /// <summary>The id of the silence of <see cref="WindowStartsAt"/>; empty before there is one.</summary>
    public string SilenceId { get; init; } = "";

    /// <summary>The window that was made a silence last, running or next.</summary>
    public DateTimeOffset WindowStartsAt { get; init; }

    public DateTimeOffset WindowEndsAt { get; init; }
}
