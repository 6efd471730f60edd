using Pharos.Storage.Model;

namespace Pharos.Alerting.Templates;

/// <summary>What the text of a rule's label or annotation may ask for.</summary>
public sealed record RuleTemplateContext
{
    /// <summary>The alert's labels: <c>$labels</c>. A label that is not there reads as the empty string.</summary>
    public required LabelSet Labels { get; init; }

    /// <summary>The value of the rule's expression: <c>$value</c>.</summary>
    public required double Value { get; init; }

    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>Where users reach this server: <c>$externalURL</c>; its path is what <c>pathPrefix</c> answers.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>The evaluation's time: what <c>now</c> answers.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Evaluates an instant query at <see cref="Now"/>. An exception's message becomes part of the
    /// template's error text.</summary>
    public Func<string, IReadOnlyList<TemplateSample>> Query { get; init; } = static _ => [];
}
