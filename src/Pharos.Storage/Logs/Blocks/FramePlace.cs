namespace Pharos.Storage.Logs.Blocks;

/// <summary>Where the packed bytes of a column or table are in a part's file.</summary>
/// <param name="RawBytes">Once unpacked; 0 where there is nothing.</param>
/// <param name="Checksum">CRC-32C of the packed bytes.</param>
internal readonly record struct FramePlace(long Offset, int SizeBytes, int RawBytes, uint Checksum);
