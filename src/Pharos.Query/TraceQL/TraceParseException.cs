namespace Pharos.Query.TraceQL;

/// <summary>A query that is no TraceQL: <c>parse error at line 1, col 5: ...</c>, or the problem alone where no place is to blame.</summary>
public sealed class TraceParseException : Exception
{
    /// <param name="query">The text.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="offset">Where, in UTF-16 units; -1 for no place.</param>
    public TraceParseException(string query, string problem, int offset)
        : base(Format(query, problem, offset))
    {
        Problem = problem;
        (Line, Column) = Place(query, offset);
    }

    /// <summary>The message without its place.</summary>
    public string Problem { get; }

    /// <summary>From 1; 0 for no place.</summary>
    public int Line { get; }

    /// <summary>From 1, in code points; 0 for no place.</summary>
    public int Column { get; }

    private static string Format(string query, string problem, int offset)
    {
        var (line, column) = Place(query, offset);
        return line == 0 ? problem : $"parse error at line {line}, col {column}: {problem}";
    }

    private static (int Line, int Column) Place(string query, int offset)
    {
        if (offset < 0)
        {
            return (0, 0);
        }
        var before = query.AsSpan(0, Math.Min(offset, query.Length));
        var column = 1;
        foreach (var _ in before[(before.LastIndexOf('\n') + 1)..].EnumerateRunes())
        {
            column++;
        }
        return (before.Count('\n') + 1, column);
    }
}
