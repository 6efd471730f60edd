using CsCheck;
using Pharos.Storage.Index;

namespace Pharos.Storage.Tests.Index;

public sealed class PostingListsTests
{
    /// <summary>Short lists over few ids and long ones, so that both ways of intersecting are taken.</summary>
    private static readonly Gen<ulong[]> Ids = Gen.OneOf(Gen.Int[0, 40].Array[0, 20], Gen.Int[0, 3000].Array[0, 2000])
        .Select(ids => ids.Distinct().Order().Select(id => (ulong)id).ToArray());

    [Fact]
    public void Intersection_holds_what_both_hold() => Gen.Select(Ids, Ids).Sample((left, right) =>
        Assert.Equal(left.Intersect(right).Order(), PostingLists.Intersect(left, right)));

    [Fact]
    public void Subtraction_leaves_what_only_the_first_holds() => Gen.Select(Ids, Ids).Sample((left, right) =>
        Assert.Equal(left.Except(right).Order(), PostingLists.Subtract(left, right)));
}
