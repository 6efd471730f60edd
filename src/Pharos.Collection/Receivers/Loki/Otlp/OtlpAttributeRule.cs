using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>What becomes of the attributes that are named, or whose whole name the expression matches.</summary>
public sealed record OtlpAttributeRule(OtlpAttributeAction Action, IReadOnlyList<string> Attributes, GoRegex? Regex)
{
    public bool Takes(string attribute) => Attributes.Contains(attribute, StringComparer.Ordinal) || (Regex?.IsMatch(attribute) ?? false);

    /// <summary>By the first rule that takes it; structured metadata where none does.</summary>
    public static OtlpAttributeAction Decide(IReadOnlyList<OtlpAttributeRule> rules, string attribute)
    {
        foreach (var rule in rules)
        {
            if (rule.Takes(attribute))
            {
                return rule.Action;
            }
        }
        return OtlpAttributeAction.StructuredMetadata;
    }
}
