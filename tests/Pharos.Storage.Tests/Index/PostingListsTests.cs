using CsCheck;
using Pharos.Storage.Index;

namespace Pharos.Storage.Tests.Index;

/// <summary>Posting lists and sets of ids against sorted sets, which are their plain twins.</summary>
public sealed class PostingListsTests
{
    /// <summary>Few ids, many beside each other, so that bitmaps are made, and some far away.</summary>
    private static readonly Gen<ulong[]> Ids = Gen.OneOf(
        Gen.Int[1, 40].Array[0, 20], Gen.Int[1, 9000].Array[0, 8000], Gen.Int[65_000, 400_000].Array[0, 300])
        .Select(ids => ids.Select(id => (ulong)id).ToArray());

    [Fact]
    public void A_list_holds_what_was_added_and_not_what_was_removed() => Gen.Select(Ids, Ids, Ids).Sample((first, gone, again) =>
    {
        var twin = new SortedSet<ulong>(first);
        var list = ListOf(first);
        Assert.Equal(twin.Count, list.Count);
        Assert.Equal(twin, IdsOf(list));

        using var removed = SetOf(gone);
        list.Remove(removed);
        twin.ExceptWith(gone);
        Assert.Equal(twin.Count, list.Count);
        Assert.Equal(twin, IdsOf(list));

        foreach (var id in again)
        {
            list.Add(id);
        }
        twin.UnionWith(again);
        Assert.Equal(twin.Count, list.Count);
        Assert.Equal(twin, IdsOf(list));
    });

    [Fact]
    public void Intersection_holds_what_both_hold() => Gen.Select(Ids, Ids).Sample((left, right) =>
    {
        using var set = SetOf(left);
        using var other = SetOf(right);
        set.IntersectWith(other);
        Assert.Equal(left.Intersect(right).Order(), set.ToArray());
        Assert.Equal(!left.Intersect(right).Any(), set.IsEmpty);
    });

    [Fact]
    public void Subtraction_leaves_what_only_the_first_holds() => Gen.Select(Ids, Ids).Sample((left, right) =>
    {
        using var set = SetOf(left);
        using var other = SetOf(right);
        set.ExceptWith(other);
        Assert.Equal(left.Except(right).Order(), set.ToArray());
        Assert.Equal(left.Except(right).Count(), set.Count);
    });

    [Fact]
    public void Words_are_combined_as_the_plain_twins_do() => Gen.Select(Gen.ULong.Array[37], Gen.ULong.Array[37], Gen.Int[0, 37]).Sample(
        (left, right, length) =>
        {
            Same(BitWords.And, BitWords.AndPlain);
            Same(BitWords.AndNot, BitWords.AndNotPlain);
            Same(BitWords.Or, BitWords.OrPlain);

            void Same(Combine fast, Combine plain)
            {
                var (one, two) = (left[..length], left[..length]);
                fast(one, right.AsSpan(0, length));
                plain(two, right.AsSpan(0, length));
                Assert.Equal(two, one);
            }
        });

    private delegate void Combine(Span<ulong> into, ReadOnlySpan<ulong> other);

    private static PostingList ListOf(ulong[] ids)
    {
        var list = new PostingList();
        foreach (var id in ids)
        {
            list.Add(id);
        }
        return list;
    }

    private static IdSet SetOf(ulong[] ids)
    {
        var set = new IdSet();
        foreach (var id in ids)
        {
            set.Add(id);
        }
        return set;
    }

    private static ulong[] IdsOf(PostingList list)
    {
        using var set = new IdSet();
        list.AddTo(set);
        return set.ToArray();
    }
}
