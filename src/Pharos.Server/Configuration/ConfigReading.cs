using System.Text;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration;

/// <summary>The reading of one file: its text, what was found wrong, and which keys were understood.</summary>
/// <remarks>Not thread-safe; one reading serves one pass over one file.</remarks>
internal sealed class ConfigReading
{
    /// <summary>What is kept of a file that is wrong all over; the rest is summed up in one last problem.</summary>
    public const int MaxProblems = 500;

    private readonly List<ConfigProblem> _problems = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly List<(int Start, int End)> _secrets = [];
    private readonly List<(int Start, int End)> _valuesWithNumberSign = [];
    private int _dropped;

    public ConfigReading(string file, string text)
    {
        File = file;
        Text = text;
        Folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
    }

    /// <summary>The file's name as the user gave it: what messages show.</summary>
    public string File { get; }

    public string Text { get; }

    /// <summary>The folder that relative paths in the file start from.</summary>
    public string Folder { get; }

    public bool HasErrors { get; private set; }

    /// <summary>Keys that nobody knows are no errors: tools for files of other programs ask for that.</summary>
    public bool IgnoresUnknownKeys { get; init; }

    /// <summary>The problems in the order of their position.</summary>
    public IReadOnlyList<ConfigProblem> Problems
    {
        get
        {
            var sorted = _problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
            if (_dropped > 0)
            {
                sorted.Add(new ConfigProblem(ConfigSeverity.Error, File, 0, 0, "", $"{_dropped} more problems are not shown"));
            }
            return sorted;
        }
    }

    /// <summary>The keys that the file holds and the reader knows, list indices left out, in ordinal order.</summary>
    public IEnumerable<string> Keys => _keys.Keys.Order(StringComparer.Ordinal);

    /// <summary>How often a key stands in the file.</summary>
    public int Count(string key) => _keys[key];

    public void Report(ConfigProblem problem)
    {
        HasErrors |= problem.Severity == ConfigSeverity.Error;
        if (_problems.Contains(problem))
        {
            return;
        }
        if (_problems.Count >= MaxProblems)
        {
            _dropped++;
            return;
        }
        _problems.Add(problem);
    }

    public void Error(string message) => Report(new ConfigProblem(ConfigSeverity.Error, File, 0, 0, "", message));

    public void Understood(string path)
    {
        var key = WithoutIndices(path);
        _keys.TryGetValue(key, out var count);
        _keys[key] = count + 1;
    }

    /// <summary>The file's text without comments, every secret that was read, and every password in a URL, replaced.</summary>
    public string TextWithoutSecrets => SecretMask.Apply(Text, _secrets, _valuesWithNumberSign);

    /// <summary>Remembers where a secret stands, for <see cref="TextWithoutSecrets"/>.</summary>
    public void Hide(YamlScalar scalar) => _secrets.Add((scalar.Start, scalar.End));

    /// <summary>As <see cref="Hide"/>, of a URL whose scheme may be seen: what is left reads as a URL, which clients want that know
    /// no secret there.</summary>
    public void HideBehindScheme(YamlScalar scalar)
    {
        var source = Text.AsSpan(scalar.Start, scalar.End - scalar.Start);
        var quote = source is ['\'' or '"', .., '\'' or '"'] ? 1 : 0;
        var colon = source.IndexOf("://", StringComparison.Ordinal);
        if (colon > 0 && source[quote..colon] is "http" or "https")
        {
            _secrets.RemoveAll(range => range == (scalar.Start, scalar.End));
            _secrets.Add((scalar.Start + colon + "://".Length, scalar.End - quote));
        }
    }

    /// <summary>Remembers a value in which a number sign begins no comment.</summary>
    public void Keep(YamlScalar scalar)
    {
        if (scalar.Start < scalar.End && scalar.End <= Text.Length && Text.AsSpan(scalar.Start, scalar.End - scalar.Start).Contains('#'))
        {
            _valuesWithNumberSign.Add((scalar.Start, scalar.End));
        }
    }

    /// <summary>A path as the file means it: absolute, or from the file's folder.</summary>
    public string Resolve(string path) => path.Length == 0 ? "" : Path.GetFullPath(path, Folder);

    internal static string WithoutIndices(string path)
    {
        if (!path.Contains('[', StringComparison.Ordinal))
        {
            return path;
        }
        var text = new StringBuilder(path.Length);
        var inside = false;
        foreach (var c in path)
        {
            if (!inside || c is ']')
            {
                text.Append(c);
            }
            inside = c == '[' || (inside && c != ']');
        }
        return text.ToString();
    }
}
