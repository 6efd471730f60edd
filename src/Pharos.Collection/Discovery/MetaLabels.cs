using System.Globalization;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery;

/// <summary>The labels that discoveries give to what they find.</summary>
internal static class MetaLabels
{
    /// <summary>A name in which every character but ASCII letters, digits and <c>_</c> has become <c>_</c>.</summary>
    public static string Sanitize(string name) => string.Create(name.Length, name, static (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(text[i]) ? text[i] : '_';
        }
    });

    /// <summary>Sets each member of a JSON object below a prefix.</summary>
    public static LabelSetBuilder SetAll(this LabelSetBuilder labels, string prefix, System.Text.Json.JsonElement members)
    {
        foreach (var member in members.Members())
        {
            labels.Set(prefix + Sanitize(member.Name), member.Value.Text());
        }
        return labels;
    }

    /// <summary>Sets every label of another set.</summary>
    public static LabelSetBuilder SetAll(this LabelSetBuilder labels, LabelSet others)
    {
        foreach (var label in others)
        {
            labels.Set(label.Name, label.Value);
        }
        return labels;
    }

    public static LabelSetBuilder SetAddress(this LabelSetBuilder labels, string host, long port) =>
        labels.Set(TargetGroup.AddressLabel, JoinHostPort(host, port.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Host and port with a colon between them, an IPv6 address in brackets.</summary>
    public static string JoinHostPort(string host, string port) =>
        host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    /// <summary>A list as one value, the separator around every item, so that expressions need not care for positions.</summary>
    public static string Joined(IEnumerable<string> items, string separator) =>
        separator + string.Join(separator, items) + separator;
}
