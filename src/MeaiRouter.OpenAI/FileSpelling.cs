namespace MeaiRouter.OpenAI;

/// <summary>In which part of a message a file is sent.</summary>
public enum FileSpelling
{
    /// <summary>OpenAI's <c>file</c> with <c>file_data</c>.</summary>
    File,

    /// <summary><c>document_url</c> with an address or a data URI (Mistral).</summary>
    DocumentUrl,
}
