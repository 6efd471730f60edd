using System.Globalization;

namespace Pharos.Storage.Text;

/// <summary>How often counted repetitions inside one another repeat in all: Go refuses more than a thousand.</summary>
/// <remarks>Go: regexp/syntax, repeatIsValid.</remarks>
internal sealed class RepeatProduct
{
    private const int Max = 1_000;

    /// <summary>The largest product so far in each group that is open.</summary>
    private readonly Stack<int> _outer = new();

    private int _inGroup = 1;
    private int _ofAtom = 1;

    public void Open()
    {
        _outer.Push(_inGroup);
        _inGroup = 1;
    }

    /// <summary>The group becomes an atom of the group around it.</summary>
    public void Close()
    {
        _ofAtom = _inGroup;
        _inGroup = Math.Max(_outer.Pop(), _ofAtom);
    }

    /// <summary>Anything that repeats nothing.</summary>
    public void Atom() => _ofAtom = 1;

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
