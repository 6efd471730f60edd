namespace Pharos.Storage.Index;

/// <summary>Set operations on sorted ids without duplicates.</summary>
internal static class PostingLists
{
    /// <summary>When one list is this many times longer than the other, each id of the shorter is searched in it.</summary>
    private const int SearchRatio = 32;

    public static ulong[] Intersect(ulong[] left, ulong[] right)
    {
        var (shorter, longer) = left.Length <= right.Length ? (left, right) : (right, left);
        var found = new ulong[shorter.Length];
        var count = 0;
        var search = longer.Length / SearchRatio > shorter.Length;
        var at = 0;
        foreach (var id in shorter)
        {
            at = search ? FirstNotBelow(longer, at, id) : StepTo(longer, at, id);
            if (at == longer.Length)
            {
                break;
            }
            if (longer[at] == id)
            {
                found[count++] = id;
            }
        }
        return count == found.Length ? found : found[..count];
    }

    /// <summary>The ids of <paramref name="from"/> that <paramref name="without"/> does not hold.</summary>
    public static ulong[] Subtract(ulong[] from, ulong[] without)
    {
        if (without.Length == 0)
        {
            return from;
        }
        var left = new ulong[from.Length];
        var count = 0;
        var at = 0;
        foreach (var id in from)
        {
            at = StepTo(without, at, id);
            if (at == without.Length || without[at] != id)
            {
                left[count++] = id;
            }
        }
        return count == left.Length ? left : left[..count];
    }

    private static int StepTo(ulong[] ids, int at, ulong id)
    {
        while (at < ids.Length && ids[at] < id)
        {
            at++;
        }
        return at;
    }

    private static int FirstNotBelow(ulong[] ids, int at, ulong id)
    {
        var found = ids.AsSpan(at).BinarySearch(id);
        return at + (found < 0 ? ~found : found);
    }
}
