namespace Pharos.Storage.Text.Automata;

/// <summary>The classes of code points that a program cannot tell apart, numbered from zero.</summary>
internal sealed class RuneClasses
{
    /// <summary>Programs that tell more apart are run without a table: each of its rows has a column for each class.</summary>
    private const int MaxClasses = 1000;

    private const int MaxEdges = 100_000;

    private readonly int[] _ascii = new int[128];
    private readonly int[] _starts;
    private readonly int[] _classes;

    private RuneClasses(int[] starts, int[] classes, int count)
    {
        _starts = starts;
        _classes = classes;
        Count = count;
        for (var c = 0; c < _ascii.Length; c++)
        {
            _ascii[c] = Search(c);
        }
    }

    public int Count { get; }

    /// <summary>The classes of a program, or null where there are too many.</summary>
    public static RuneClasses? Of(PatternProgram program)
    {
        // Each set has a random number of 128 bits; the sum of those that a code point is in tells its class.
        var random = new Random(1);
        var edges = new SortedDictionary<int, UInt128> { [0] = UInt128.Zero };
        var budget = MaxEdges;
        foreach (var set in Distinguished(program))
        {
            budget -= set.Edges.Length;
            if (budget < 0)
            {
                return null;
            }
            var number = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64());
            foreach (var edge in set.Edges)
            {
                edges[edge] = edges.GetValueOrDefault(edge) ^ number;
            }
        }
        var known = new Dictionary<UInt128, int>();
        var starts = new List<int>();
        var classes = new List<int>();
        var inside = UInt128.Zero;
        foreach (var (edge, toggled) in edges)
        {
            inside ^= toggled;
            known.TryAdd(inside, known.Count);
            starts.Add(edge);
            classes.Add(known[inside]);
        }
        return known.Count > MaxClasses ? null : new RuneClasses([.. starts], [.. classes], known.Count);
    }

    public int ClassOf(int rune) => rune < 128 ? _ascii[rune] : Search(rune);

    private static IEnumerable<RuneSet> Distinguished(PatternProgram program)
    {
        var runes = new HashSet<int>();
        foreach (var instruction in program.Instructions)
        {
            if (instruction.Operation == Operation.Rune)
            {
                runes.Add(instruction.X);
            }
        }
        if ((program.Demanded & (Assertions.LineBegin | Assertions.LineEnd)) != 0)
        {
            runes.Add('\n');
        }
        var words = (program.Demanded & (Assertions.WordBoundary | Assertions.NoWordBoundary)) != 0;
        return [.. program.Sets, .. runes.Select(static rune => new RuneSet([rune, rune + 1])), .. words ? [RuneSet.WordCharacters] : Array.Empty<RuneSet>()];
    }

    private int Search(int rune)
    {
        var found = Array.BinarySearch(_starts, rune);
        return _classes[found >= 0 ? found : ~found - 1];
    }
}
