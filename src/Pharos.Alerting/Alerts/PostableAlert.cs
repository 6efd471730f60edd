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
        var startsAt = StartsAt ?? EndsAt ?? now;
        var endsAt = EndsAt ?? now + resolveTimeout;
        error = Problem(startsAt, endsAt, classicNames) ?? "";
        return error.Length > 0 ? null : new Alert
        {
            Labels = LabelSet.From([.. Labels]),
            Annotations = LabelSet.OfTexts(Annotations.Select(static text => KeyValuePair.Create(text.Name, text.Value))),
            StartsAt = startsAt,
            EndsAt = endsAt,
            GeneratorUrl = GeneratorUrl,
            UpdatedAt = now,
            Timeout = EndsAt is null,
        };
    }

    private string? Problem(DateTimeOffset startsAt, DateTimeOffset endsAt, bool classicNames)
    {
        if (endsAt < startsAt)
        {
            return "start time must be before end time";
        }
        if (Labels.All(label => label.Value.Length == 0))
        {
            return "at least one label pair required";
        }
        return BadName(Labels, classicNames) is { } label ? $"invalid label set: invalid name {GoQuote.Quote(label)}"
            : BadName(Annotations, classicNames) is { } name ? $"invalid annotations: invalid name {GoQuote.Quote(name)}"
            : null;
    }

    private static string? BadName(IReadOnlyList<Label> labels, bool classicNames)
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
