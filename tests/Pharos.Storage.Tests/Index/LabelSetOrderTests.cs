using CsCheck;
using Pharos.Storage.Index;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Index;

public sealed class LabelSetOrderTests
{
    /// <summary>Some texts are the same object, some only equal.</summary>
    private static readonly Gen<LabelSet> AnySet = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 400], Gen.Bool).Array[0, 9].Select(labels =>
        LabelSet.From([.. labels.Select(label => new Label(
            $"l{label.Item1}", label.Item3 ? string.Intern($"{label.Item2}") : $"{label.Item2}"))]));

    [Fact]
    public void Keys_are_in_the_order_of_the_sets_and_equal_for_equal_sets() => AnySet.Array[0, 200].Sample(sets =>
    {
        var keys = LabelSetOrder.Keys(sets);
        for (var i = 1; i < sets.Length; i++)
        {
            Assert.Equal(Math.Sign(sets[i - 1].CompareTo(sets[i])), keys[i - 1].CompareTo(keys[i]));
            Assert.Equal(Math.Sign(sets[0].CompareTo(sets[i])), keys[0].CompareTo(keys[i]));
        }
    }, iter: 300);

    [Fact]
    public void More_combinations_than_a_number_holds_are_no_problem()
    {
        // 14 labels, most of them of 200 values each.
        var random = new Random(7);
        var sets = Enumerable.Range(0, 3_000).Select(_ => LabelSet.From(
            [.. Enumerable.Range(0, 14).Select(l => new Label($"l{l:00}", $"{random.Next(l < 4 ? 2 : 200)}"))])).ToArray();
        var keys = LabelSetOrder.Keys(sets);
        var byKey = sets.ToArray();
        Array.Sort(keys, byKey);
        Assert.Equal(sets.Order(), byKey);
    }
}
