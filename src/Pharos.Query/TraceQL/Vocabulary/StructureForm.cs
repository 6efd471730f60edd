namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>Which spans an operator on the structure gives.</summary>
public enum StructureForm
{
    /// <summary>Those of the right that stand in the relation.</summary>
    Plain,

    /// <summary>With <c>!</c>: those of the right that do not.</summary>
    Negated,

    /// <summary>With <c>&amp;</c>: those of both sides that stand in the relation.</summary>
    Union,
}
