namespace Pharos.Storage.Sealed;

/// <summary>Where a section of a sealed file is, and the CRC-32C of its bytes.</summary>
internal readonly record struct SectionPlace(long Offset, int SizeBytes, uint Checksum);
