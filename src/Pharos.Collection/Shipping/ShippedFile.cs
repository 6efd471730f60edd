using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping;

/// <summary>How far a file is shipped.</summary>
/// <param name="Client">That it is shipped to.</param>
/// <param name="OffsetBytes">Of unpacked content; what stands before it is shipped or dropped.</param>
/// <param name="SizeBytes">As it was seen last; of a packed file its packed size. 0 while there is no file of that name.</param>
/// <param name="Fault">Why it cannot be read; empty where it can.</param>
public sealed record ShippedFile(string Path, string Client, LabelSet Labels, long OffsetBytes, long SizeBytes, string Fault);
