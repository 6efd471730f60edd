using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Alerts;

/// <summary>An alert as a sender posts it: times may be missing, labels may be wrong.</summary>
public sealed record PostableAlert
{
    public required IReadOnlyList<Label> Labels { get; init; }

    public IReadOnlyList<Label> Annotations { get; init; } = [];

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public string GeneratorUrl { get; init; } = "";

    /// <summary>Fills in the missing times and drops empty labels; an annotation may be empty.</summary>
    /// <returns>The alert, or null and why it is refused.</returns>
    public Alert? ToAlert(DateTimeOffset now, TimeSpan resolveTimeout, bool classicNames, out string error)
    {
        // Enumerating a list of structures through its interface costs more than the rest of this.
        var labels = Labels as Label[] ?? [.. Labels];
        var annotations = Annotations as Label[] ?? [.. Annotations];
        var startsAt = StartsAt ?? EndsAt ?? now;
        var endsAt = EndsAt ?? now + resolveTimeout;
        error = Problem(labels, annotations, startsAt, endsAt, classicNames) ?? "";
        return error.Length > 0 ? null : new Alert
        {
            Labels = LabelSet.From(labels),
            Annotations = LabelSet.OfTexts(annotations),
            StartsAt = startsAt,
            EndsAt = endsAt,
            GeneratorUrl = GeneratorUrl,
            UpdatedAt = now,
            Timeout = EndsAt is null,
        };
    }

    private static string? Problem(
        Label[] labels, Label[] annotations, DateTimeOffset startsAt, DateTimeOffset endsAt, bool classicNames)
    {
        if (endsAt < startsAt)
        {
            return "start time must be before end time";
        }
        if (!HasLabel(labels))
        {
            return "at least one label pair required";
        }
        return BadName(labels, classicNames) is { } label ? $"invalid label set: invalid name {GoQuote.Quote(label)}"
            : BadName(annotations, classicNames) is { } name ? $"invalid annotations: invalid name {GoQuote.Quote(name)}"
            : null;
    }

    private static bool HasLabel(Label[] labels)
    {
        foreach (var label in labels)
        {
            if (label.Value.Length > 0)
            {
                return true;
            }
        }
        return false;
    }

    private static string? BadName(Label[] labels, bool classicNames)
    {
        foreach (var label in labels)
        {
            if (label.Value.Length > 0
                && (classicNames ? !MetricNames.IsLegacyValidLabel(label.Name) : label.Name.Length == 0))
            {
                return label.Name;
            }
        }
        return null;
    }
}
