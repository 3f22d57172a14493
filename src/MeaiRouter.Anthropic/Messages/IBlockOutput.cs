using MeaiRouter.Anthropic.Wire;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Takes the blocks of an answer as they come about.</summary>
internal interface IBlockOutput
{
    /// <summary>A block begins.</summary>
    /// <param name="block">The block; of text and thinking it is empty still.</param>
    /// <param name="input">The text of a call's input, which streams write after the block instead of in it.</param>
    void Begin(Block block, string? input);

    /// <summary>The block grows.</summary>
    void Grow(BlockDelta delta);

    /// <summary>The block is whole.</summary>
    void End();
}
