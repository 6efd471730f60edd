using System.Text;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Names labels after attributes, each name worked out once.</summary>
/// <remarks>Not thread-safe. The rules are those of Prometheus' otlptranslator, label_namer.go.</remarks>
internal sealed class LabelNamer(OtlpOptions options)
{
    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);

    /// <summary>Null where no valid name is left.</summary>
    public string? Build(string attribute)
    {
        if (!_known.TryGetValue(attribute, out var name))
        {
            _known[attribute] = name = Work(attribute);
        }
        return name;
    }

    private string? Work(string attribute)
    {
        if (attribute.Length == 0)
        {
            return null;
        }
        if (options.Strategy is TranslationStrategy.NoTranslation or TranslationStrategy.NoUtf8EscapingWithSuffixes)
        {
            return attribute;
        }
        var name = options.LabelNamePreserveMultipleUnderscores ? Escape(attribute, collapse: false) : Collapse(attribute);
        if (char.IsAsciiDigit(name[0]))
        {
            name = "key_" + name;
        }
        else if (options.LabelNameUnderscoreSanitization && name[0] == '_' && !name.StartsWith("__", StringComparison.Ordinal))
        {
            name = "key" + name;
        }
        return name != attribute && name.All(c => c == '_') ? null : name;
    }

    /// <summary>A name of the form <c>__name__</c> keeps its two underscores at both ends.</summary>
    private static string Collapse(string attribute)
    {
        var reserved = attribute.Length > 4 && attribute.StartsWith("__", StringComparison.Ordinal)
            && attribute.EndsWith("__", StringComparison.Ordinal);
        return reserved ? $"__{Escape(attribute[2..^2], collapse: true)}__" : Escape(attribute, collapse: true);
    }

    private static string Escape(string attribute, bool collapse)
    {
        var name = new StringBuilder(attribute.Length);
        foreach (var rune in attribute.EnumerateRunes())
        {
            var valid = rune.IsAscii && Rune.IsLetterOrDigit(rune);
            if (valid)
            {
                name.Append((char)rune.Value);
            }
            else if (!collapse || name.Length == 0 || name[^1] != '_')
            {
                name.Append('_');
            }
        }
        return name.ToString();
    }
}
