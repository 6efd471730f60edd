using System.Globalization;

namespace Pharos.Storage.Text;

/// <summary>How often counted repetitions inside one another repeat in all, of which Go refuses more than a thousand; and how many
/// atoms stand one behind another, with whose square the engine's memory grows.</summary>
/// <remarks>Go: regexp/syntax, repeatIsValid.</remarks>
internal sealed class PatternSize
{
    /// <summary>Measured: 33,000 take half a gigabyte. Alternatives do not add up, so that lists of names are not meant.</summary>
    public const int MaxSequence = 10_000;

    private const int Max = 1_000;

    /// <summary>The largest product so far, and the atoms of the branch and of the longest branch, of each group around.</summary>
    private readonly Stack<(int Product, int Branch, int Longest)> _outer = new();

    private int _inGroup = 1;
    private int _ofAtom = 1;
    private int _branch;
    private int _longest;

    public bool IsTooLong => _branch > MaxSequence;

    public void Open()
    {
        _outer.Push((_inGroup, _branch, _longest));
        (_inGroup, _branch, _longest) = (1, 0, 0);
    }

    /// <summary>The group becomes an atom of the group around it.</summary>
    public void Close()
    {
        var length = Math.Max(_branch, _longest);
        _ofAtom = _inGroup;
        (_inGroup, _branch, _longest) = _outer.Pop();
        _inGroup = Math.Max(_inGroup, _ofAtom);
        _branch += length;
    }

    /// <summary>Anything that repeats nothing.</summary>
    public void Atom()
    {
        _ofAtom = 1;
        _branch++;
    }

    /// <summary>Another alternative begins.</summary>
    public void Branch() => (_longest, _branch) = (Math.Max(_longest, _branch), 0);

    /// <summary>The last atom is repeated: <c>{2}</c>, <c>{2,}</c> or <c>{2,5}</c>, each number at most a thousand.</summary>
    /// <returns>Whether Go takes it.</returns>
    public bool Repeat(string count)
    {
        var body = count.AsSpan(1, count.Length - 2);
        var comma = body.IndexOf(',');
        var min = int.Parse(comma < 0 ? body : body[..comma], NumberStyles.None, CultureInfo.InvariantCulture);
        var max = comma < 0 ? min : comma + 1 == body.Length ? -1 : int.Parse(body[(comma + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
        var times = max < 0 ? min : max;
        // Repeated zero times, what is inside does not count.
        _ofAtom = max == 0 ? 1 : Math.Max(times, 1) * _ofAtom;
        _inGroup = Math.Max(_inGroup, _ofAtom);
        return _ofAtom <= Max || (min < 2 && max < 2);
    }
}
