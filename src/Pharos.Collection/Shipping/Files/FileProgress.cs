namespace Pharos.Collection.Shipping.Files;

/// <summary>How far the file that has a family's path is read; fields as in <see cref="ShippedFile"/>.</summary>
internal sealed record FileProgress(long OffsetBytes, long SizeBytes, string Fault)
{
    public static readonly FileProgress None = new(0, 0, "");
}
