using System.Text;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Values;

namespace Pharos.Query.LogQL.Pipeline.Formatting;

/// <summary>The template of a format stage. Where it only puts texts and labels one behind another, it is run without the template engine.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class LogTemplate
{
    private static readonly TemplateSet Functions = new(LogTemplateFunctions.All);

    private readonly string _name;
    private readonly TemplateSet? _templates;
    private readonly List<Part>? _parts;
    private readonly TimeProvider _time;

    /// <exception cref="TemplateException">The text is no template.</exception>
    public LogTemplate(string name, string text, LabelKeys keys, TimeProvider time)
    {
        _name = name;
        _time = time;
        _parts = Simple(text, keys);
        _templates = _parts is null ? Functions.With(name, text) : null;
    }

    /// <summary>What is wrong with a text, or null.</summary>
    public static string? Fault(string name, string text)
    {
        try
        {
            Functions.With(name, text);
            return null;
        }
        catch (TemplateException problem)
        {
            return problem.Message;
        }
    }

    /// <summary>The labels that a text asks for, or null where that cannot be seen at once.</summary>
    public static IReadOnlyList<string>? Needs(string text) =>
        Simple(text, new LabelKeys())?.Where(static part => part.Key is not null).Select(static part => part.Key!.Name).ToList();

    /// <summary>Writes what the template makes of a line; the error where it fails on it.</summary>
    public string? Write(in LogLine line, ByteText output)
    {
        if (_parts is not null)
        {
            foreach (var part in _parts)
            {
                if (part.Literal is not null)
                {
                    output.Add(part.Literal);
                }
                else if (part.Key is null)
                {
                    output.Add(line.Text);
                }
                else if (line.Labels.TryGet(part.Key, out var value))
                {
                    output.Add(value);
                }
            }
            return null;
        }
        try
        {
            var host = new LogTemplateHost(Encoding.UTF8.GetString(line.Text), line.TimeNs, _time);
            output.Add(_templates!.ExecuteText(_name, Labels(line.Labels), host));
            return null;
        }
        catch (TemplateException problem)
        {
            return problem.Message;
        }
    }

    private static TemplateMap Labels(LineLabels labels)
    {
        var entries = new SortedList<string, TemplateValue>(labels.Count, StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels.Counts(i))
            {
                entries[labels.KeyOf(i).Name] = Encoding.UTF8.GetString(labels.ValueOf(i));
            }
        }
        var errors = new List<Storage.Model.Label>();
        labels.AddErrorTo(errors);
        foreach (var error in errors)
        {
            entries[error.Name] = error.Value;
        }
        return new TemplateMap(TemplateType.StringMap, entries, "");
    }

    /// <summary>The parts of a template that has only <c>{{.label}}</c> and <c>{{__line__}}</c>, otherwise null.</summary>
    private static List<Part>? Simple(string text, LabelKeys keys)
    {
        var parts = new List<Part>();
        while (text.Length > 0)
        {
            var open = text.IndexOf("{{", StringComparison.Ordinal);
            if (open != 0)
            {
                parts.Add(new Part(Encoding.UTF8.GetBytes(open < 0 ? text : text[..open]), null));
                text = open < 0 ? "" : text[open..];
                continue;
            }
            var close = text.IndexOf("}}", StringComparison.Ordinal);
            var action = close < 0 ? "" : text[2..close].Trim(' ');
            var isLabel = action.Length > 1 && action[0] == '.' && IsName(action.AsSpan(1));
            if (!isLabel && action != "__line__")
            {
                return null;
            }
            parts.Add(new Part(null, isLabel ? keys.Pin(action[1..]) : null));
            text = text[(close + 2)..];
        }
        return parts;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }
        return !char.IsAsciiDigit(text[0]);
    }

    /// <param name="Literal">A text of the template itself.</param>
    /// <param name="Key">The label, where it is no literal; null for the line.</param>
    private readonly record struct Part(byte[]? Literal, LabelKey? Key);
}
