/** What facts say of things that stand beside the log: blobs, pictures, files and their checkpoints. */
import { z } from 'zod';

/** A blob beside the log: its name is the lower-case SHA-256 of its bytes. */
export const blobRefSchema = z
  .object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), sizeBytes: z.number().int().min(0) })
  .readonly();
export type BlobRef = z.infer<typeof blobRefSchema>;

/** A picture that a call brought: `path` is where it stands in the sandbox. */
export const imageRefSchema = z
  .object({ ...blobRefSchema.unwrap().shape, mimeType: z.string(), path: z.string() })
  .readonly();
export type ImageRef = z.infer<typeof imageRefSchema>;

/** A checkpoint of the workspace's files: the run that keeps its objects, and its number there, from 0. */
export const checkpointRefSchema = z.object({ runId: z.string(), number: z.number().int().min(0) }).readonly();
export type CheckpointRef = z.infer<typeof checkpointRefSchema>;

/** A file that is different from the checkpoint before. `path` begins with its root's name where there are several. */
export const fileChangeSchema = z
  .object({
    path: z.string(),
    change: z.enum(['added', 'modified', 'deleted']),
    /** Lines; absent for what is not text, or too large to tell. */
    added: z.number().int().min(0).exactOptional(),
    removed: z.number().int().min(0).exactOptional(),
  })
  .readonly();
export type FileChange = z.infer<typeof fileChangeSchema>;

/** A file that a checkpoint does not hold, or that could not be put back, and why. */
export const skippedFileSchema = z.object({ path: z.string(), reason: z.string() }).readonly();
export type SkippedFile = z.infer<typeof skippedFileSchema>;

/** A file that was put to the question, as the model reads it (agent-protocol: task files). */
export const attachmentSchema = z
  .object({ path: z.string(), text: z.string(), truncated: z.boolean(), picture: imageRefSchema.exactOptional() })
  .readonly();
export type Attachment = z.infer<typeof attachmentSchema>;
