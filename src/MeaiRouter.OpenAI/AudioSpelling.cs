namespace MeaiRouter.OpenAI;

/// <summary>What stands in the part <c>input_audio</c>.</summary>
public enum AudioSpelling
{
    /// <summary>OpenAI's object, with the bytes in base64 as <c>data</c>.</summary>
    Base64,

    /// <summary>The object, with a data URI as <c>data</c> (Alibaba).</summary>
    DataUri,

    /// <summary>Nothing but the bytes in base64 (Mistral).</summary>
    Bare,
}
