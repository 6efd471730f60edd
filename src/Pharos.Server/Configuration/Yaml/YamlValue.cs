using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>A value at its path in the file: answers what it is asked for, or reports why it cannot and answers null.</summary>
/// <remarks>A caller that gets null has nothing left to report. Values of secret keys are never repeated in a message.</remarks>
internal sealed class YamlValue(ConfigReading reading, YamlNode node, string path)
{
    /// <summary>The longest piece of a value that a message repeats.</summary>
    private const int MaxEcho = 80;

    public ConfigReading Reading { get; } = reading;

    public YamlNode Node { get; } = node;

    public string Path { get; } = path;

    /// <summary>Whether the value may be repeated in messages.</summary>
    public bool IsSecret { get; init; }

    public bool IsNull => Node is YamlScalar { IsNull: true };

    public static YamlValue Root(ConfigReading reading, YamlNode node) => new(reading, node, "");

    public void Error(string message) => Report(ConfigSeverity.Error, ConfigProblemKind.Wrong, message);

    public void Warning(string message) => Report(ConfigSeverity.Warning, ConfigProblemKind.Wrong, message);

    public void NotHonoured(string message) =>
        Report(ConfigSeverity.Warning, ConfigProblemKind.NotHonoured, message);

    public void Extension(string message) => Report(ConfigSeverity.Warning, ConfigProblemKind.Extension, message);

    public void Report(ConfigSeverity severity, ConfigProblemKind kind, string message) =>
        Reading.Report(new ConfigProblem(severity, Reading.File, Node.Line, Node.Column, Path, message) { Kind = kind });

    /// <summary>An error at a character of the scalar's text, where the value is a scalar.</summary>
    public void ErrorAt(int offset, string message) => ReportAt(offset, ConfigSeverity.Error, message);

    public void ReportAt(int offset, ConfigSeverity severity, string message)
    {
        var (line, column) = Node is YamlScalar scalar
            ? YamlScalarPosition.Find(Reading.Text, scalar, offset) : (Node.Line, Node.Column);
        Reading.Report(new ConfigProblem(severity, Reading.File, line, column, Path, message));
    }

    public YamlMappingReader? AsMapping()
    {
        if (Node is YamlMapping mapping)
        {
            return new YamlMappingReader(this, mapping);
        }
        WrongType("a mapping");
        return null;
    }

    /// <summary>The items of a list; reports and answers none where the value is something else.</summary>
    public IReadOnlyList<YamlValue> AsList()
    {
        if (Node is YamlSequence list)
        {
            return [.. list.Items.Select((item, i) => new YamlValue(Reading, item, $"{Path}[{i}]") { IsSecret = IsSecret })];
        }
        WrongType("a list");
        return [];
    }

    /// <param name="wanted">What a text that is no UTF-8 is called not to be.</param>
    public string? AsText(string wanted = "valid UTF-8")
    {
        if (Node is not YamlScalar scalar)
        {
            WrongType("text");
            return null;
        }
        if (YamlScalarTypes.Text(scalar) is { } text)
        {
            return scalar.IsNull ? "" : text;
        }
        Error(IsSecret ? $"the value is not {wanted}" : YamlScalarTypes.Fault(scalar, wanted));
        return null;
    }

    public bool? AsFlag() => Unquoted("true or false", YamlScalarTypes.Flag);

    /// <summary>A whole number; of a number with a fraction the whole part, as at the peers.</summary>
    public long? AsInteger() => Unquoted("a whole number", static text => YamlScalarTypes.Integer(text)
        ?? (YamlScalarTypes.Number(text) is { } number and >= long.MinValue and < long.MaxValue ? (long)number : null));

    public double? AsNumber() => Unquoted("a number", YamlScalarTypes.Number);

    public TimeSpan? AsDuration() => Parsed("a duration such as 30s, 5m or 1h30m",
        static text => PrometheusDuration.TryParse(text, out var duration) ? duration : (TimeSpan?)null,
        static text => $"not a valid duration string: {GoQuote.Quote(text)}");

    /// <summary>In quotes it is text, whatever it says.</summary>
    private T? Unquoted<T>(string wanted, Func<string, T?> parse)
        where T : struct
    {
        if (Node is YamlScalar { IsText: true })
        {
            Error($"expected {wanted}, found text: write it without quotes");
            return null;
        }
        return Parsed(wanted, parse);
    }

    public T? Parsed<T>(string wanted, Func<string, T?> parse, Func<string, string>? message = null)
        where T : struct
    {
        if (AsText() is not { } text)
        {
            return null;
        }
        if (parse(text) is { } value)
        {
            return value;
        }
        Error(IsSecret ? $"expected {wanted}" : message?.Invoke(text) ?? $"{Echo(text)} is not {wanted}");
        return null;
    }

    public void WrongType(string wanted) => Error($"expected {wanted}, found {Node.Kind}");

    /// <summary>A user's text as messages repeat it: quoted, and cut where it is long.</summary>
    public static string Echo(string text) =>
        GoQuote.Quote(text.Length <= MaxEcho ? text : string.Concat(text.AsSpan(0, MaxEcho), "…"));
}
