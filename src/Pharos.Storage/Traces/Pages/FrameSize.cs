namespace Pharos.Storage.Traces.Pages;

/// <summary>A packed piece of a page, which stands behind the pieces before it.</summary>
/// <param name="Checksum">CRC-32C of the packed bytes.</param>
internal readonly record struct FrameSize(int SizeBytes, int RawBytes, uint Checksum)
{
    public static FrameSize Read(ref Encoding.ByteReader reader)
    {
        var size = reader.UVarint();
        if (size == 0)
        {
            return default;
        }
        var raw = reader.UVarint();
        return size <= int.MaxValue && raw <= Blocks.TraceBlockFormat.MaxFrameBytes ? new FrameSize((int)size, (int)raw, reader.U32())
            : throw reader.Corrupt($"a frame of {size} bytes");
    }

    public void Write(Encoding.ByteWriter into)
    {
        into.UVarint((ulong)SizeBytes);
        if (SizeBytes > 0)
        {
            into.UVarint((ulong)RawBytes);
            into.U32(Checksum);
        }
    }
}
