namespace Pharos.Collection.Relabeling;

/// <summary>What a relabel rule does; the names are Prometheus' own, lower-cased in files.</summary>
public enum RelabelAction
{
    Replace,
    Keep,
    Drop,
    KeepEqual,
    DropEqual,
    HashMod,
    Lowercase,
    Uppercase,
    LabelMap,
    LabelDrop,
    LabelKeep,
}
