/** esbuild turns the style that the entry imports into main.css beside main.js. */
declare module '*.css';
