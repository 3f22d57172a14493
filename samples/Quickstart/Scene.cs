using Microsoft.Extensions.AI;

namespace Samples.Quickstart;

/// <summary>One call to watch.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Story">What will happen.</param>
/// <param name="Prompt">What the user says.</param>
/// <param name="Options">The model, and what else the call asks for.</param>
/// <param name="IsStreamed">Whether the answer is streamed.</param>
internal sealed record Scene(string Title, string Story, string Prompt, ChatOptions Options, bool IsStreamed);
