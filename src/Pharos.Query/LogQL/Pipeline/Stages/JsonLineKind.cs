namespace Pharos.Query.LogQL.Pipeline.Stages;

internal enum JsonLineKind
{
    String,
    Number,
    Bool,
    Null,
    Object,
    Array,

    /// <summary>Nothing that JSON has.</summary>
    Bad,
}
