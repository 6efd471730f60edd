using Pharos.Storage.Logs.Blocks;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Where a page's column of a key and a kind is.</summary>
/// <param name="Key">The number of the key's text in the block.</param>
/// <param name="Count">Of values.</param>
internal readonly record struct PageColumn(int Key, AttributeKind Kind, int Count, FramePlace Place);
