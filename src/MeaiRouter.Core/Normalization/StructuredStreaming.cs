namespace MeaiRouter.Normalization;

/// <summary>When the caller sees a streamed answer that was asked to be JSON.</summary>
public enum StructuredStreaming
{
    /// <summary>
    /// When it is whole and fits the schema, its reasoning included: one that does not is a failed attempt, and another endpoint can still
    /// answer. The deadlines for the first content and for silence go by what the provider sends.
    /// </summary>
    Hold,

    /// <summary>
    /// As it comes, where it begins as clean JSON; if it turns out not to fit the schema, the stream ends with an error. One that begins
    /// otherwise, and can only be mended when it is whole, is held.
    /// </summary>
    PassThrough,
}
