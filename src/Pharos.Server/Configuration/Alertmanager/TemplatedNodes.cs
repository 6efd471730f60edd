using Pharos.Alerting.Receivers;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Turns a piece of YAML into what a receiver fills with templates: PagerDuty's details, a webhook's payload.</summary>
internal static class TemplatedNodes
{
    public static TemplatedNode From(YamlNode node) => node switch
    {
        YamlSequence list => new TemplatedNode.List([.. list.Items.Select(From)]),
        YamlMapping map => new TemplatedNode.Map(map.Entries.ToDictionary(e => e.Key.Text, e => From(e.Value), StringComparer.Ordinal)),
        YamlScalar scalar => FromScalar(scalar),
        _ => new TemplatedNode.Literal(null),
    };

    private static TemplatedNode FromScalar(YamlScalar scalar)
    {
        if (scalar.IsNull)
        {
            return new TemplatedNode.Literal(null);
        }
        if (!scalar.IsPlain || scalar.Tag.Length > 0)
        {
            return new TemplatedNode.Text(YamlScalarTypes.Text(scalar) ?? "");
        }
        // "y" and "on" are words here: only a typed field takes them for a truth value.
        return scalar.Text switch
        {
            "true" or "True" or "TRUE" => new TemplatedNode.Literal(true),
            "false" or "False" or "FALSE" => new TemplatedNode.Literal(false),
            var text when YamlScalarTypes.Integer(text) is { } integer => new TemplatedNode.Literal(integer),
            var text when YamlScalarTypes.Number(text) is { } number => new TemplatedNode.Literal(number),
            var text => new TemplatedNode.Text(text),
        };
    }
}
